/** A failure as one line of JSON for standard error: what is undefined is left out. Pure. */
export function failureDocument(facts: object): string {
  return JSON.stringify({ error: facts });
}
