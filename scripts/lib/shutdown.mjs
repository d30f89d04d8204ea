import { printError } from './problem.mjs';

/**
 * The way out, whatever the reason: what was started is stopped in the opposite order, one after the other, once.
 * `signal` stops what is under way; `requested` resolves when a person (or a supervisor) asked for the end.
 */
export class Shutdown {
  #steps = [];
  #abort = new AbortController();
  #requests = 0;

  constructor() {
    this.signal = this.#abort.signal;
    this.requested = new Promise((resolve) => {
      this.request = (how) => {
        this.#requests++;
        this.#abort.abort();
        resolve(how);
      };
    });
  }

  /** Has somebody asked twice? Then patience is over. */
  get isImpatient() {
    return this.#requests > 1;
  }

  add(step) {
    this.#steps.unshift(step);
  }

  /** @returns whether everything could be stopped. */
  async run() {
    this.#abort.abort();
    let isClean = true;
    for (let step = this.#steps.shift(); step !== undefined; step = this.#steps.shift()) {
      try {
        await step();
      } catch (error) {
        isClean = false;
        printError(error);
      }
    }
    return isClean;
  }
}
