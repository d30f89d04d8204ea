// The arrows of docs/architecture.md, checked by `npm run check`. (`process.env` is ESLint's.)

const SPECS = '[.]spec[.]ts$';
const TESTING = `(^test/|^bench/|^apps/[^/]+/src/testing/|${SPECS})`;

/**
 * What a lib may import, layer by layer: only what stands below it. The foundations have an order among themselves,
 * and a lib that is missing here may import nothing.
 */
const BELOW = {
  errors: [],
  config: ['errors'],
  crypto: ['errors', 'config'],
  telemetry: ['errors', 'config'],
  database: ['errors', 'config', 'crypto', 'telemetry'],
  queue: ['errors', 'config', 'crypto', 'telemetry', 'database'],
  aws: ['errors', 'config', 'crypto', 'telemetry'],
  outbound: ['errors', 'config', 'telemetry'],
};
const FOUNDATIONS = Object.keys(BELOW);
// What several capabilities use: each a subject of its own, none knows another.
const SHARED = ['templates', 'suppressions', 'webhooks', 'logs', 'metrics', 'live'];
for (const lib of SHARED) BELOW[lib] = FOUNDATIONS;
BELOW.connections = [...FOUNDATIONS, 'webhooks'];
for (const capability of ['accounts', 'domains', 'emails', 'events', 'suppression-sync'])
  BELOW[capability] = [...FOUNDATIONS, ...SHARED, 'connections'];
// Drawn beside each other in the design, and so they stay: what two of them share belongs below them.

const arrows = Object.entries(BELOW).map(([lib, allowed]) => ({
  name: `libs-${lib}-only-down`,
  comment: `libs/${lib} may import: ${allowed.join(', ') || 'no other lib'}.`,
  severity: 'error',
  from: { path: `^libs/${lib}/`, pathNot: SPECS },
  to: { path: '^libs/', pathNot: `^libs/(${[lib, ...allowed].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'libs-known',
      comment: 'A new lib needs its place in the layers: add it above.',
      severity: 'error',
      from: { path: '^libs/', pathNot: `^libs/(${Object.keys(BELOW).join('|')})/` },
      to: {},
    },
    {
      name: 'front-door',
      comment: 'A lib is imported by #libs/<name>, that is by its index.ts, which lists names.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index[.]ts$'] },
    },
    {
      name: 'front-door-from-outside',
      comment: 'A lib is imported by #libs/<name>, that is by its index.ts, which lists names.',
      severity: 'error',
      from: { path: '^(apps|scripts|bench|test)/' },
      to: { path: '^libs/', pathNot: '^libs/[^/]+/src/index[.]ts$' },
    },
    {
      name: 'libs-not-apps',
      comment: 'Apps stand on libs, not the other way round.',
      severity: 'error',
      from: { path: '^libs/', pathNot: SPECS },
      to: { path: '^(apps|scripts|bench|test)/' },
    },
    {
      name: 'apps-apart',
      comment: 'Apps share libs and nothing else.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: SPECS },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'sandbox-alone',
      comment: 'The sandbox shares no code with the product, or both would be wrong together.',
      severity: 'error',
      from: { path: '^apps/aws-sandbox/' },
      to: { path: '^(libs|scripts|bench|test)/' },
    },
    {
      name: 'scripts-apart',
      comment: 'Scripts start what was built and talk to it over HTTP.',
      severity: 'error',
      from: { path: '^scripts/', pathNot: SPECS },
      to: { path: '^(apps|test|bench)/' },
    },
    {
      name: 'aws-sdk-behind-libs-aws',
      comment:
        'Only libs/aws imports the AWS SDK (tests and benches may, as outside clients; the sandbox signs for itself).',
      severity: 'error',
      from: {
        path: '^(apps|libs|scripts|bench|test)/',
        pathNot: ['^libs/aws/', '^apps/aws-sandbox/', TESTING],
      },
      to: { path: 'node_modules/(@aws-sdk|@smithy|@aws-crypto)/' },
    },
    {
      name: 'queue-behind-libs-queue',
      comment: 'Only libs/queue imports BullMQ and Redis.',
      severity: 'error',
      from: { path: '^(apps|libs|scripts|bench|test)/', pathNot: ['^libs/queue/', TESTING] },
      to: { path: 'node_modules/(bullmq|ioredis|@nestjs/bullmq)/' },
    },
    {
      name: 'agpl-only-in-tests',
      comment: '@cloud-copilot/iam-simulate is AGPL: a development-only oracle, never part of the product.',
      severity: 'error',
      from: { path: '^(apps|libs|scripts|bench)/', pathNot: TESTING },
      to: { path: 'node_modules/@cloud-copilot/' },
    },
    {
      name: 'product-not-testing',
      comment: 'Specs and test helpers are not part of what runs.',
      severity: 'error',
      from: { path: '^(apps|libs|scripts)/', pathNot: TESTING },
      to: { path: TESTING },
    },
    {
      name: 'development-packages-stay-out',
      comment: 'What the production image does not install cannot be imported there.',
      severity: 'error',
      from: { path: '^(apps/(api|worker|smtp)|libs)/', pathNot: TESTING },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle is one module in several files.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^libs/database/src/generated/', '^apps/dashboard/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      // `#libs/*` of package.json: the sources, not what was built of them.
      conditionNames: ['types', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
