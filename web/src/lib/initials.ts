/** Stands for a person where there is no room for the name: two letters, or two signs of a Chinese name. */
export const initials = (name: string): string => (/\p{Script=Han}/u.test(name) ? name.replace(/[^\p{Script=Han}]/gu, '').slice(-2) : name.split(/\s+/).map((part) => part[0] ?? '').join('').slice(0, 2).toUpperCase())
