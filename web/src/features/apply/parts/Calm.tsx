import { Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Khatam } from "../../../ui/Khatam";
import classes from "./Calm.module.css";

type Props = { title: string; detail: string; muted?: boolean; children?: ReactNode };

/** A page that says one thing, and the next step. */
export function Calm({ title, detail, muted = false, children }: Props) {
  return (
    <div className={classes.calm}>
      <Khatam size={40} muted={muted} />
      <Title order={1} className={classes.title}>
        {title}
      </Title>
      <Text size="sm" c="dimmed">
        {detail}
      </Text>
      {children}
    </div>
  );
}
