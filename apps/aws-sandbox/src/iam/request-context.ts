/** Condition keys of one request. Key names are case-insensitive, values are not; every value is a list. */
export class RequestContext {
  private readonly values = new Map<string, readonly string[]>();

  static of(entries: Readonly<Record<string, string | readonly string[] | undefined>>): RequestContext {
    const context = new RequestContext();
    for (const [key, value] of Object.entries(entries)) context.set(key, value);
    return context;
  }

  /** An undefined value leaves the key absent, which is not the same as empty: `Null` and `…IfExists` see it. */
  set(key: string, value: string | readonly string[] | undefined): this {
    if (value !== undefined) this.values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
    return this;
  }

  get(key: string): readonly string[] | undefined {
    return this.values.get(key.toLowerCase());
  }

  without(key: string): RequestContext {
    const copy = new RequestContext();
    for (const [name, value] of this.values) if (name !== key.toLowerCase()) copy.values.set(name, value);
    return copy;
  }
}
