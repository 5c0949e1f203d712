/** Another actor means another world: a full load leaves nothing of the former one in memory. */
export const startAfresh = (url: string) => window.location.assign(url);
