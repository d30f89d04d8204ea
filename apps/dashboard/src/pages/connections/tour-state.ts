/** What the last press did. */
export interface Attempt {
  scenario: string;
  /** Checks that ended later have seen it. */
  changedAt: string;
  /** The test mail, where there is one. */
  emailId?: string;
}

/** What the browser remembers of the tour. */
export interface TourState {
  isHidden: boolean;
  tried: string[];
  last?: Attempt;
}

const keyOf = (connectionId: string) => `sesame.tour.${connectionId}`;

/** A browser may refuse to remember anything; then the tour begins anew. */
export function readTour(connectionId: string): TourState {
  try {
    const stored = JSON.parse(localStorage.getItem(keyOf(connectionId)) ?? '{}') as Partial<TourState>;
    return { isHidden: false, tried: [], ...stored };
  } catch {
    return { isHidden: false, tried: [] };
  }
}

export function rememberTour(connectionId: string, state: TourState): void {
  try {
    localStorage.setItem(keyOf(connectionId), JSON.stringify(state));
  } catch {
    // Only comfort is lost.
  }
}
