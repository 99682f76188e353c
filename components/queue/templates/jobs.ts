/**
 * The work that runs in the worker, by job name. A queued job is found by its name: keep it while
 * jobs are waiting.
 */

export const jobs = {};
