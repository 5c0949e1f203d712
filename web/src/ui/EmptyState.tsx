import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Khatam } from "./Khatam";

type Props = { title: string; detail?: string; action?: ReactNode };

/** What an empty place says: that it is empty, and the next step. */
export function EmptyState({ title, detail, action }: Props) {
  return (
    <Stack align="center" gap={4} py="xl" px="md" ta="center">
      <Khatam size={36} muted />
      <Text fw={600} mt={6}>
        {title}
      </Text>
      {detail && (
        <Text size="sm" c="dimmed" maw={420}>
          {detail}
        </Text>
      )}
      {action && <div style={{ marginBlockStart: "0.75rem" }}>{action}</div>}
    </Stack>
  );
}
