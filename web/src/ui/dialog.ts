//! Where the keyboard stands when a window opens. The window itself takes it to its first button, the ×.

/** For `afterOpenChange` of a window: what is typed goes into the first of these. */
export const focusOn = (selector: string) => (open: boolean): void => {
  if (open) [...document.querySelectorAll('.ant-modal')].at(-1)?.querySelector<HTMLElement>(selector)?.focus()
}
