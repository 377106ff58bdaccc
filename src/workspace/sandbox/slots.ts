// User ids for runs that are under way at the same time: no two of one worker share one.

export interface UserSlots {
  readonly take: () => number;
  readonly giveBack: (user: number) => void;
}

/** `first` and those after it; the lowest that is free is taken. */
export function userSlots(first: number): UserSlots {
  const taken = new Set<number>();
  return {
    take: () => {
      let user = first;
      while (taken.has(user)) user += 1;
      taken.add(user);
      return user;
    },
    giveBack: (user) => {
      taken.delete(user);
    },
  };
}
