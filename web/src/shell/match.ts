/** How well words fit a text: 0 not at all; the beginning of a word is better than its middle, and letters in order are better than nothing. */
export function match(words: string, text: string): number {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const within = text.toLowerCase()
  let score = 1
  for (const word of wanted) {
    const at = within.indexOf(word)
    if (at === 0) score += 8
    else if (at > 0) score += /[\s\p{P}]/u.test(within[at - 1] ?? '') || /\p{Script=Han}/u.test(word) ? 5 : 2
    else if (word.length > 1 && inOrder(word, within)) score += 0.5
    else return 0
  }
  return score
}

function inOrder(word: string, text: string): boolean {
  // Only initials: `so` finds Sales orders, but not every text with an s and an o.
  const initials = text.split(/[\s\p{P}]+/u).map((part) => part[0] ?? '').join('')
  return initials.includes(word)
}
