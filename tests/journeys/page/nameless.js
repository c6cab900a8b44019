// What can be used but has no name for a screen reader.
() => [...document.querySelectorAll('button, a[href], input, textarea, select')]
  .filter((one) => one.checkVisibility() && !one.closest('[aria-hidden=true]'))
  .filter((one) => !(one.innerText.trim() || one.getAttribute('aria-label')
    || one.getAttribute('aria-labelledby') || one.labels?.length || one.title))
  .map((one) => one.outerHTML)
