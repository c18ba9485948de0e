/** A terminal for work that another command reports. */
import { Terminal } from "./terminal.js";

export class Silent extends Terminal {
  constructor() {
    super({});
  }
  override print(): void {}
  override warn(): void {}
  override event(): void {}
  override result(): void {}
  override progress(): void {}
}
