/** State with something derived, for a test. */
export class Doubled {
  number = $state(1);
  readonly value = $derived(this.number * 2);
}

/** Runs something as a component does, until the returned function ends the component. */
export function within(run: () => void): () => void {
  return $effect.root(() => {
    $effect.pre(run);
  });
}
