//! Where the keyboard stands when a window opens. The window itself takes it to its first button, the ×.

/** For `afterOpenChange` of a window: what is typed goes into the first of these, in the place of what stands there. */
export const focusOn = (selector: string) => (open: boolean): void => {
  const box = open && [...document.querySelectorAll('.ant-modal')].at(-1)?.querySelector<HTMLElement>(selector)
  if (!box) return
  box.focus()
  if (box instanceof HTMLInputElement && box.type === 'text') box.select()
}
