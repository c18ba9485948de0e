/** Names that a folder under our lock holds beside its content: never part of an archive. */

/** Folder for temporary files: on the same file system as all others, and cleared in one go after a crash. */
export const STAGING = ".staging";

/** In the staging folder: changes that a run began and that the next one brings to their end. */
export const REDO_LIST = "redo.json";

/** Names the process that owns the folder. */
export const LOCK = ".lock";

/** Names the process that is taking the lock of a dead one over. */
export const TAKING = ".lock.taking";

/** What was read of the pages of the last run: it saves work, and may be removed at any time. */
export const READINGS = ".readings";
