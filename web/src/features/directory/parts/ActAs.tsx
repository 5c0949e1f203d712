import { Box, Button, Stack, Text, Textarea } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconUserShield } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { startImpersonation, stopImpersonation } from "../../../api/me";
import { asProblem } from "../../../api/problem";
import { ErrorPanel } from "../../../ui/ErrorPanel";
import { FormDialog } from "../../../ui/FormDialog";
import { FormShell } from "../../../ui/FormShell";
import { useFormat } from "../../../ui/format";
import { Notice } from "../../../ui/Notice";

const SHORTEST = 10;
const LONGEST = 500;

/** Begins to act as somebody, for a reason; everything on the screen belongs to that person from then on. */
export function ActAs({ name, userId }: { name: string; userId: number }) {
  const { t } = useTranslation();
  const [isOpen, { open, close }] = useDisclosure(false);
  const [left, setLeft] = useState<string | null>(null);
  const begin = async (reason: string) => {
    try {
      await startImpersonation(userId, reason);
    } catch (error) {
      const { expires_at: until } = asProblem(error).extra;
      setLeft(typeof until === "string" ? until : null);
      throw error;
    }
  };
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
        {left && <Elsewhere until={left} onEnded={() => setLeft(null)} />}
        <FormShell
          form={form}
          submitLabel={t("directory.actAs.begin")}
          pointers={{ "/reason": "reason" }}
          onSubmit={({ reason }) => begin(reason.trim())}
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

/** One acts in another browser, perhaps one that is closed: it is ended here. */
function Elsewhere({ until, onEnded }: { until: string; onEnded: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const stop = useMutation({ mutationFn: stopImpersonation, onSuccess: onEnded });
  return (
    <Box mb="md">
      <Notice>
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{t("directory.actAs.elsewhere", { time: format.time(until) })}</Text>
          <Button size="compact-sm" variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            {t("directory.actAs.endElsewhere")}
          </Button>
          {stop.error && <ErrorPanel error={stop.error} />}
        </Stack>
      </Notice>
    </Box>
  );
}
