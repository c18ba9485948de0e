/** Presets by name: what a site file may build on. */
import { blogger } from "./presets/blogger.js";
import { drupal } from "./presets/drupal.js";
import { drupal7 } from "./presets/drupal7.js";
import { generic } from "./presets/generic.js";
import { ghost } from "./presets/ghost.js";
import { joomla } from "./presets/joomla.js";
import { mediawiki } from "./presets/mediawiki.js";
import { typo3News, typo3TtNews } from "./presets/typo3.js";
import { unesco } from "./presets/unesco.js";
import { wordpress } from "./presets/wordpress.js";
import type { Preset } from "./site.js";

export const PRESETS: Readonly<Record<string, Preset>> = {
  drupal7,
  unesco,
  drupal,
  wordpress,
  "typo3-news": typo3News,
  "typo3-ttnews": typo3TtNews,
  joomla,
  blogger,
  mediawiki,
  ghost,
  generic,
};
