// What a device keeps of somebody's work until it is sent. Who signs out on purpose leaves none of it behind; a session
// that ends by its age leaves it, because nobody decided that the work is lost.

/** An application is of nobody's account: whoever leaves this device leaves nothing of the one in their tab either. */
const APPLICATION = "maristan.apply.";

const isOf = (user: number) => (key: string) =>
  key.startsWith(APPLICATION) ||
  ["register", "week-draft"].some((kind) => key.startsWith(`maristan.${kind}.${user}.`));

function eachOf(user: number, act: (storage: Storage, key: string) => void): number {
  let count = 0;
  for (const name of ["localStorage", "sessionStorage"] as const) {
    try {
      for (const key of Object.keys(window[name]).filter(isOf(user))) {
        act(window[name], key);
        count += 1;
      }
    } catch {
      // A storage that is forbidden keeps nothing.
    }
  }
  return count;
}

/** How many pieces of somebody's work wait on this device. */
export const unsent = (user: number) => eachOf(user, () => undefined);

/** Nothing of somebody's work stays on this device; other people's does. */
export const forget = (user: number) => eachOf(user, (storage, key) => storage.removeItem(key));
