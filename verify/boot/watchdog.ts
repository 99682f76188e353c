/** A process of its own that outlives the lab by a moment: when the pipe from the lab closes, it ends what the lab left. */
import { endLab } from "./register.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("the watchdog needs the lab's folder");

process.stdin.resume();
process.stdin.once("close", () => {
  void endLab(folder).then(() => process.exit(0));
});
