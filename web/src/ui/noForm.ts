//! Stands for the forms of antd, which we have none of, where its boxes ask for one: see vite.config.ts.
import type { ReactNode } from 'react'

export const FormProvider = ({ children }: { children?: ReactNode }): ReactNode => children
