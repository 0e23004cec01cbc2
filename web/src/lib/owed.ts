//! Answers still awaited for something already typed: a product code left with Tab before the list came.
//! To save is to wait for them first.

const waiting = new Set<Promise<void>>()

/** Announces one; the function it returns is called when it has come, or will not come. */
export function owe(): () => void {
  let done = (): void => undefined
  const answer = new Promise<void>((resolve) => {
    done = resolve
  })
  waiting.add(answer)
  return () => {
    waiting.delete(answer)
    done()
  }
}

/** Resolves when nothing is awaited. */
export async function settled(): Promise<void> {
  while (waiting.size > 0) await Promise.all(waiting)
}
