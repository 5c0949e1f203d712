import { Button, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconUserShield } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { startImpersonation } from "../../../api/me";
import { FormDialog } from "../../../ui/FormDialog";
import { FormShell } from "../../../ui/FormShell";

const SHORTEST = 10;
const LONGEST = 500;

/** Begins to act as somebody, for a reason; everything on the screen belongs to that person from then on. */
export function ActAs({ name, userId }: { name: string; userId: number }) {
  const { t } = useTranslation();
  const [isOpen, { open, close }] = useDisclosure(false);
  const form = useForm({
    initialValues: { reason: "" },
    validate: {
      reason: (reason) => (reason.trim().length < SHORTEST ? t("directory.actAs.tooShort") : null),
    },
  });
  return (
    <>
      <Button variant="default" leftSection={<IconUserShield size={16} />} onClick={open}>
        {t("directory.actAs.open")}
      </Button>
      <FormDialog title={t("directory.actAs.title", { name })} opened={isOpen} onClose={close}>
        <Text size="sm" mb="md">
          {t("directory.actAs.hint", { name })}
        </Text>
        <FormShell
          form={form}
          submitLabel={t("directory.actAs.begin")}
          pointers={{ "/reason": "reason" }}
          onSubmit={({ reason }) => startImpersonation(userId, reason.trim())}
          onDone={() => window.location.assign("/")}
        >
          <Textarea
            data-autofocus
            required
            autosize
            minRows={2}
            dir="auto"
            maxLength={LONGEST}
            label={t("directory.actAs.reason")}
            description={t("directory.actAs.reasonHint")}
            {...form.getInputProps("reason")}
          />
        </FormShell>
      </FormDialog>
    </>
  );
}
