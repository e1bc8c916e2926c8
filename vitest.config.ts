import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['reenact-source'] },
  ssr: { resolve: { conditions: ['reenact-source'] } },
  test: {
    include: ['test/**/*.test.ts'],
    typecheck: { enabled: false },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
