import { Alert, Button, List, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Problem } from "../api/problem";
import { readable } from "../i18n/label";
import { Bidi } from "./Bidi";

type Difference = { field: string; by: string };

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && "name" in value) return textOf(value.name);
  return "";
}

function differences(problem: Problem): Difference[] {
  const raw = problem.extra.differing;
  if (!Array.isArray(raw)) return [];
  return raw.map((item: unknown) => {
    if (typeof item === "string") return { field: item, by: "" };
    const { field, by } = (item ?? {}) as { field?: unknown; by?: unknown };
    return { field: textOf(field), by: textOf(by) };
  });
}

/** Somebody saved in between: says what they changed and offers their version; nothing typed is lost by reading it. */
export function StaleNotice({
  problem,
  onReload,
}: {
  problem: Problem;
  onReload?: (() => unknown) | undefined;
}) {
  const { t } = useTranslation();
  const changed = differences(problem);
  return (
    <Alert color="saffron" variant="light" role="alert" title={t("ui.problem.stale")}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{problem.detail || t("ui.problem.staleDetail")}</Text>
        <List size="sm">
          {changed.map(({ field, by }) => (
            <List.Item key={field}>
              {by ? (
                t("ui.problem.staleField", { field: readable(field), by })
              ) : (
                <Bidi>{readable(field)}</Bidi>
              )}
            </List.Item>
          ))}
        </List>
        {onReload && (
          <Button size="compact-sm" variant="default" onClick={() => onReload()}>
            {t("ui.reload")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
