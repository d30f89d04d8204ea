interface KnownRoute {
  /** Without parameters: it is meant by exactly this path, whatever else matches. */
  isExact: boolean;
  pattern: RegExp;
  methods: Set<string>;
}

/** What the router knows, to tell a wrong method (405) from a path that does not exist (404). */
export class KnownRoutes {
  private readonly routes = new Map<string, KnownRoute>();

  add(url: string, method: string | readonly string[]): void {
    // Files of the documentation.
    if (url.includes('*')) return;
    const route = this.routes.get(url) ?? {
      isExact: !url.includes(':'),
      pattern: new RegExp(`^${url.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:[^/]+/g, '[^/]+')}/?$`),
      methods: new Set<string>(),
    };
    for (const one of typeof method === 'string' ? [method] : method) route.methods.add(one);
    this.routes.set(url, route);
  }

  /** @returns the methods that a path takes; none when there is no such path */
  methodsOf(path: string): string[] {
    const matching = [...this.routes.values()].filter(({ pattern }) => pattern.test(path));
    const exact = matching.filter(({ isExact }) => isExact);
    const methods = (exact.length > 0 ? exact : matching).flatMap((route) => [...route.methods]);
    return [...new Set(methods)].sort();
  }
}
