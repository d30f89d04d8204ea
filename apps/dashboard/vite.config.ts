import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `npx vite apps/dashboard` serves the sources beside a running `npm start`; `npm run build` makes dist/apps/dashboard. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/app/',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: '../../dist/apps/dashboard',
    emptyOutDir: true,
    // A data: URL would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '^/(?!app)': 'http://127.0.0.1:3000' } },
});
