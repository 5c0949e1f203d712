import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { CHOICES, type FieldName } from "../../../ui/application/fields";
import { Bidi } from "../../../ui/Bidi";
import type { Wizard } from "../useWizard";

/** Another tab or device saved meanwhile: what came over, and what has to be chosen. */
export function ElsewhereNotice({ wizard }: { wizard: Wizard }) {
  const { t } = useTranslation();
  const labelOf = useLabel();
  const { elsewhere, takeTheirs, keepMine, dismiss } = wizard;
  if (!elsewhere) return null;
  const { taken, disputed, theirs } = elsewhere;
  const shown = (name: FieldName) =>
    name in CHOICES && theirs[name]
      ? labelOf("application.choice", `${name}.${theirs[name]}`)
      : theirs[name] || "–";
  return (
    <Alert color="saffron" variant="light" role="alert" title={t("apply.elsewhere.title")}>
      <Stack gap="xs" align="flex-start">
        {taken.length > 0 && (
          <Text size="sm">
            {t("apply.elsewhere.taken")}{" "}
            {taken.map((name) => labelOf("application.fields", name)).join(" · ")}
          </Text>
        )}
        {disputed.map((name) => (
          <div key={name}>
            <Text size="sm">
              {t("apply.elsewhere.theirs", { field: labelOf("application.fields", name) })}{" "}
              <strong>
                <Bidi>{shown(name)}</Bidi>
              </strong>
            </Text>
            <Group gap="xs" mt={4}>
              <Button size="compact-sm" variant="default" onClick={() => takeTheirs(name)}>
                {t("apply.elsewhere.take")}
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => keepMine(name)}>
                {t("apply.elsewhere.keep")}
              </Button>
            </Group>
          </div>
        ))}
        {disputed.length === 0 && (
          <Button size="compact-sm" variant="default" onClick={dismiss}>
            {t("apply.elsewhere.seen")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
