/** HTTP clients whose methods are called by a name that is only known when it runs: `got[method](url)`. */

/** Stands in an api for the method that nobody can name: `axios:create().anyVerb`. */
export const ANY_VERB = "anyVerb";

const BY_VERB =
  /^(axios:(default|create\(\)|Axios\(\))?|got:(got|extend\(\)|got\.extend\(\))?|ky:(create\(\)|extend\(\))?|superagent:|needle:|@nestjs\/axios:HttpService\(\)(\.axiosRef)?)$/;

/** Whether the members of an api that are called are the verbs of HTTP. */
export function isCalledByVerb(api: string): boolean {
  return BY_VERB.test(api);
}
