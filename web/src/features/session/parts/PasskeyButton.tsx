import { Button } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { SignInOutcome } from "../../../api/auth";
import { ErrorPanel } from "../../../ui/ErrorPanel";

type Props = {
  act: () => Promise<SignInOutcome>;
  onOutcome: (outcome: SignInOutcome) => unknown;
  children: ReactNode;
};

export function PasskeyButton({ act, onOutcome, children }: Props) {
  const { mutate, isPending, error } = useMutation({ mutationFn: act, onSuccess: onOutcome });
  return (
    <>
      {error && <ErrorPanel error={error} />}
      <Button
        variant="default"
        fullWidth
        loading={isPending}
        leftSection={<IconFingerprint size={18} aria-hidden="true" />}
        onClick={() => mutate()}
      >
        {children}
      </Button>
    </>
  );
}
