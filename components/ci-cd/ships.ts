/** What a step looks like that brings a version to where it runs. */

/** What a step that ships something is called or runs, in any of the usual ways. */
export const ships =
  /deploy|publish|release|\b(docker|podman|buildah)([ -]compose)?\s+(image\s+)?push|build-push-action|push:\s*true|\bssh\b|\brsync\b|\bscp\b|\bhelm\b|\bkubectl\b|\bpm2\b|argocd|\bcapistrano\b|\bansible\b|\bterraform\b|\bpulumi\b|\bskaffold\b|appleboy|webhook|changesets|kamal/i;
