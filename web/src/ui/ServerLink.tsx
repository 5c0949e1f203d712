import { useRouter } from "@tanstack/react-router";
import type { ComponentPropsWithoutRef, MouseEvent } from "react";

type Props = { url: string } & Omit<ComponentPropsWithoutRef<"a">, "href">;

/** A link whose address came from the server (inbox, search, notifications): opened inside the client where it can be. */
export function ServerLink({ url, onClick, children, ...rest }: Props) {
  const router = useRouter();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const wantsNewPlace = event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0;
    if (event.defaultPrevented || wantsNewPlace || !isClientUrl(url)) return;
    event.preventDefault();
    router.history.push(url);
  };
  return (
    <a href={safeUrl(url)} onClick={follow} {...rest}>
      {children}
    </a>
  );
}

/** Paths of this client, not of the API, of another host or of a file. */
export function isClientUrl(url: string): boolean {
  return /^\/(?!\/|api\/|_allauth\/|accounts\/|media\/)/.test(url);
}

/** Only web addresses and own paths may become links. */
export function safeUrl(url: string): string {
  return /^(https?:\/\/|\/(?!\/))/.test(url) ? url : "#";
}
