import type { ReactElement } from 'react'

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** Text of people among ours: written from the right it keeps its punctuation, and what stands beside it its place; where it is cut, its end is. */
export const bidi = (text: string): ReactElement | string => (RIGHT_TO_LEFT.test(text) ? <bdi dir="auto" className="own-way">{text}</bdi> : text)
