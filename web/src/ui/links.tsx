// Buttons and quiet links that lead to a screen, with the typed addresses of the router.
import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ComponentPropsWithRef } from "react";

type Native = ComponentPropsWithRef<"a">;

function LinkedButton(props: ButtonProps & Omit<Native, keyof ButtonProps>) {
  return <Button component="a" {...props} />;
}

function LinkedAnchor(props: AnchorProps & Omit<Native, keyof AnchorProps>) {
  // In a table or a line of text the link is as large as the words around it.
  return <Anchor inherit={props.size === undefined} {...props} />;
}

export const ButtonLink = createLink(LinkedButton);
export const AnchorLink = createLink(LinkedAnchor);
