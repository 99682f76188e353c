/** The lab's stacks with everything real: the sample app installed, built and migrated, on Postgres, both sides at once. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { analyze } from "../analyzers/index.ts";
import type { Service } from "../analyzers/model.ts";
import { openRepo } from "../analyzers/repo/disk.ts";
import { bootStack, LabError, openLab, prepare, type Lab, type Prepared } from "../verify/boot/index.ts";
import type { Stack } from "../verify/stack.ts";
