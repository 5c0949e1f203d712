import { Card, Group, Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "./Panel.module.css";

type Props = { title?: string; actions?: ReactNode; children: ReactNode; flush?: boolean };

/** A titled surface; `flush` lets lists and tables reach its edges. */
export function Panel({ title, actions, children, flush = false }: Props) {
  const heading = useId();
  return (
    <Card
      component="section"
      padding={0}
      className={classes.panel}
      aria-labelledby={title ? heading : undefined}
    >
      {title && (
        <Group className={classes.head} justify="space-between" wrap="nowrap">
          <Title order={2} id={heading} className={classes.title}>
            {title}
          </Title>
          {actions}
        </Group>
      )}
      <div className={flush ? undefined : classes.body}>{children}</div>
    </Card>
  );
}
