/**
 * Loaded before the program (`--import`), for tests that want a fault of it. SIGUSR2: the router's own process meets an error that nobody
 * catches; the program's loop stands still for some seconds.
 */
const standsStillMs = 3_000

process.on('SIGUSR2', () => {
  if (process.argv[1]?.endsWith('router-process.ts')) throw new Error('a fault that nobody catches')
  const until = performance.now() + standsStillMs
  while (performance.now() < until);
})
