// What has just appeared under a finger takes no touch for a moment: the second tap of a double tap was meant for what
// stood there before. Keys are not held up.

const SETTLE_MS = 500;
const timers = new WeakMap();

export function settle(node) {
  clearTimeout(timers.get(node));
  node.classList.add("settling");
  timers.set(
    node,
    setTimeout(() => node.classList.remove("settling"), SETTLE_MS),
  );
}
