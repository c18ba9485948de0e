/** How much may go wrong before a run counts as one with findings. */

type Budget = { readonly count: number } | { readonly percent: number };

/** @param of what a percentage is taken of; without a budget nothing may go wrong */
export function isOver(found: number, of: number, budget: Budget = { count: 0 }): boolean {
  return found > ("count" in budget ? budget.count : (budget.percent / 100) * of);
}
