import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      'coverage/**',
      'test-output/**',
      'libs/database/src/generated/**',
      'apps/dashboard/src/api/schema.d.ts',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[object.name='process'][property.name='env']",
          message: 'process.env lives only in libs/config.',
        },
        { selector: 'TSEnumDeclaration', message: 'Use a string union.' },
      ],
    },
  },
  {
    files: ['libs/config/**', 'scripts/**', 'test/**', 'bench/**', 'apps/aws-sandbox/**', '**/*.spec.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          [
            'process',
            'console',
            'URL',
            'fetch',
            'performance',
            'Buffer',
            'AbortController',
            'AbortSignal',
            'module',
          ],
          ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
        ]
          .flat()
          .map((name) => [name, 'readonly']),
      ),
    },
  },
);
