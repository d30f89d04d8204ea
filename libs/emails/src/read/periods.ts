/** Calendar day and month of a moment, in UTC. */
export interface Periods {
  day: Date;
  nextDay: Date;
  month: Date;
  nextMonth: Date;
}

export function periodsOf(now: Date): Periods {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return {
    day: new Date(Date.UTC(year, month, day)),
    nextDay: new Date(Date.UTC(year, month, day + 1)),
    month: new Date(Date.UTC(year, month, 1)),
    nextMonth: new Date(Date.UTC(year, month + 1, 1)),
  };
}
