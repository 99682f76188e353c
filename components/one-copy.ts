/**
 * Rules of any component whose findings mean that two copies are not one app, however sure the rule is of the harm: each with
 * what ties the app to one, as a part of a sentence.
 */
export const oneCopyRules: Readonly<Record<string, string>> = {
  "load-balancer/in-memory-session": "logins are known to one process only",
  "load-balancer/in-memory-state-shared": "what users leave is kept in the memory of one process",
  "load-balancer/ws-local-broadcast": "messages reach only those who are connected to the same process",
  "load-balancer/sqlite-on-local-disk": "the database is a file on one disk",
  "object-storage/upload-to-local-disk": "uploads are kept on one disk",
  "object-storage/generated-file-on-local-disk": "files that the app makes are kept on one disk",
  "scheduler/unguarded-cron": "each copy would run the schedule",
  "scheduler/migrate-or-seed-on-boot": "each copy would change the database when it starts",
};
