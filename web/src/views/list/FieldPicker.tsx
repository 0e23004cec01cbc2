import { later } from '@/fields/later.tsx'
import type { FieldPickerProps } from './FieldTree.tsx'

export const FieldPicker = later<FieldPickerProps>(async () => (await import('./FieldTree.tsx')).default)
