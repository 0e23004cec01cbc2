// Sets the theme before the first paint, so that a dark screen never flashes white.
(function () {
  var wish = 'system'
  try { wish = JSON.parse(localStorage.getItem('heyi.theme')) || 'system' } catch (ignored) { /* storage is blocked: follow the system */ }
  var dark = wish === 'dark' || (wish === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
