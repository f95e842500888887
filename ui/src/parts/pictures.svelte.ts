/** Pictures that could not be had are asked for again whenever this is counted up: they are reached again. */
export const pictures = $state({ tries: 0 });
