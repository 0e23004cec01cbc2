const NEW = /^(?:(?:new|create|add|make)(?:\s+an?)?(?:\s+|$)|(?:新建|新增|创建|添加|增加|录入)\s*)/i

/** What is to be made, where words ask for something new: `invoice` of “new invoice”, 发票 of “新建发票”; null where they do not. */
export function askedNew(words: string): string | null {
  const verb = NEW.exec(words.trim())?.[0]
  return verb === undefined ? null : words.trim().slice(verb.length)
}

/** From how many letters on a word is forgiven a slip. */
const FORGIVEN = 4

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
    // A Chinese sign is a word: another one is no slip.
    else if (word.length >= FORGIVEN && !/\p{Script=Han}/u.test(word) && nearly(word, within)) score += 0.3
    else return 0
  }
  return score
}

function inOrder(word: string, text: string): boolean {
  // Only initials: `so` finds Sales orders, but not every text with an s and an o.
  const initials = text.split(/[\s\p{P}]+/u).map((part) => part[0] ?? '').join('')
  return initials.includes(word)
}

/** Whether a word begins as asked, but for one slip: a letter too many, too few, another, or two the other way round. */
function nearly(word: string, text: string): boolean {
  return text.split(/[\s\p{P}]+/u).some((part) => [word.length - 1, word.length, word.length + 1].some((length) => length <= part.length && oneSlip(word, part.slice(0, length))))
}

function oneSlip(a: string, b: string): boolean {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  // The first letter is thought to be right.
  if (at === 0) return false
  const rest = (text: string, from: number): string => text.slice(from)
  if (a.length === b.length) return rest(a, at + 1) === rest(b, at + 1) || (a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, at + 2) === rest(b, at + 2))
  return a.length < b.length ? rest(a, at) === rest(b, at + 1) : rest(a, at + 1) === rest(b, at)
}
