//! Names in notes: `@Li Wei` as it is typed, `@[Li Wei](us_4)` as the server reads it.

/** `@Li Wei` becomes what the server reads, for those who were chosen from the list. */
export function withMentions(text: string, named: ReadonlyMap<string, string>): string {
  // Longer names first: one may begin with another.
  const names = [...named.keys()].sort((a, b) => b.length - a.length)
  let told = ''
  let rest = text
  while (rest) {
    const name = rest.startsWith('@') ? names.find((one) => rest.startsWith(`@${one}`)) : undefined
    if (name) {
      told += `@[${name}](${named.get(name)})`
      rest = rest.slice(name.length + 1)
    } else {
      told += rest[0]
      rest = rest.slice(1)
    }
  }
  return told
}

/** A note as it is typed again, and who is named in it. */
export function asTyped(text: string): { text: string; named: Map<string, string> } {
  const named = new Map<string, string>()
  const plain = text.replace(/@\[([^\]]*)\]\((us_[a-z0-9]+)\)/g, (_, name: string, id: string) => {
    named.set(name, id)
    return `@${name}`
  })
  return { text: plain, named }
}
