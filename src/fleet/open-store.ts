/** From what a user names as the store of a fleet to the store. */
import { CliError } from "../error.js";
import { parseUrl } from "../text.js";
import { folderStore } from "./folder-store.js";
import { s3Store } from "./s3-store.js";
import type { Store, Variables } from "./store.js";

/**
 * @param place a folder, or `s3://bucket/prefix?endpoint=https://…&region=…`
 * @param env where the credentials of S3 come from: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
 * @throws {CliError} exit code 2, when it is neither
 */
export function openStore(place: string, env: Variables): Store {
  if (place.startsWith("s3:")) return s3Store(place, env);
  const scheme = /^[a-z][a-z0-9+.-]+:\/\//i.exec(place)?.[0];
  if (scheme === undefined && place !== "") return folderStore(place);
  if (place !== "" && parseUrl(place)?.protocol === "file:")
    return folderStore(decodeURIComponent(new URL(place).pathname));
  throw new CliError(`"${place}" is not a store`, {
    hint: "Give a folder that all machines share, or s3://bucket/prefix?endpoint=https://….",
  });
}
