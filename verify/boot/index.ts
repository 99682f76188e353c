/** The process runtime of the lab: a lab is opened once, a side is prepared once, a stack is booted as often as needed. */
export { LabError } from "./lab-error.ts";
export { openLab, type Lab, type LabOptions, type Progress } from "./lab.ts";
export { bootStack, type BootOptions } from "./stack.ts";
export { prepare, type Prepared, type PrepareOptions } from "../workspace/prepare.ts";
