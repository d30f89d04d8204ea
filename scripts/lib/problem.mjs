/** Something a person can do something about: shown as one clear line, without a stack. */
export class Problem extends Error {
  /** @param {string} message what is wrong and what to do. @param {string[]} [details] lines shown below it. */
  constructor(message, details = []) {
    super(message);
    this.name = 'Problem';
    this.details = details;
  }
}

/** Prints an error the way it deserves: a {@link Problem} as its line, a bug with its stack. */
export function printError(error) {
  if (!(error instanceof Problem)) {
    console.error('✗', error instanceof Error ? error.stack : error);
    return;
  }
  console.error(`✗ ${error.message}`);
  for (const line of error.details) console.error(`    ${line}`);
}
