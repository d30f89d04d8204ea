/** Asks /health/ready; remembers the last answer for the case that it never says yes. */
export function readiness(apiUrl) {
  let last = 'the API does not answer';
  return {
    probe: async () => {
      const response = await fetch(`${apiUrl}/health/ready`, { signal: AbortSignal.timeout(5_000) });
      const body = await response.text();
      last = `/health/ready says ${response.status} ${body.slice(0, 500)}`;
      return response.ok;
    },
    describe: () => last,
  };
}

/** Does anybody answer at this address at all? */
export const answers = (url) => async () => (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok;
