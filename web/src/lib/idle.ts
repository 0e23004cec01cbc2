const LONGEST_MS = 1500

/** Resolves when the browser has nothing more urgent to do. */
export const idle = (): Promise<void> => new Promise((resolve) => {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(() => resolve(), { timeout: LONGEST_MS })
  else setTimeout(resolve, 200)
})
